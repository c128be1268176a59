BPF_HASH(a,
#error it's
u32, u64);
BPF_HASH(b, K[4 / *p], V[2 / / 1]);
