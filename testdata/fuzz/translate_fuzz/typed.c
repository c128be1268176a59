BPF_HASH(m);
int f(struct pt_regs *ctx, struct request *req, const struct gendisk *d) {
  struct request_queue *q = req->q, *p;
  m.increment(q->disk->major + d->major + req->numbers[1]);
  p = q;
  m.perf_submit(ctx, &req, 8);
  return p->disk->major + (&req->sector != 0);
}
int g(struct pt_regs *ctx) {
  struct request *req = (struct request *)PT_REGS_RC(ctx);
  if (!req) return 0;
  return req->sector + ((struct gendisk *)PT_REGS_RC(ctx))->major;
}
RAW_TRACEPOINT_PROBE(a) {
  struct request *req = (struct request *)ctx->args[1];
  return req->sector + ((struct gendisk *)ctx->args[0])->name[2];
}
