int f(struct pt_regs *ctx,
#error it's
 int *a) { return 0; }
