BPF_HASH(rt,rt.update(,));
