// The part of the load that is packets and sockets of other kinds than TCP
// connections, and calls of libraries. Each function returns how often it did
// what it is called after.

#ifndef EBPF_EXPORTER_TOOLS_VMTEST_GUEST_TRAFFIC_LOAD_H_
#define EBPF_EXPORTER_TOOLS_VMTEST_GUEST_TRAFFIC_LOAD_H_

int ConnectTcp();
// That somebody else has.
int AskForAddressesInUse();
// Socket filters, which the kernel turns into machine code.
int AttachFilters();
int Ping();
int OverflowPingSocket();
int OverflowUdpSocket();
int FillTcpWindow();
int CloseUnread();
int TalkThroughUnixSockets();
int AddAndRemoveNeighbours();
int ThrowExceptions();
int AskForNames();
int AllocateMemory();

#endif  // EBPF_EXPORTER_TOOLS_VMTEST_GUEST_TRAFFIC_LOAD_H_
