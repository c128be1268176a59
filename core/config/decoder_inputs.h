// What each decoder reads, for the judgement of a chain: raw bytes come in at
// the front of it, and what comes out of a decoder is text.

#ifndef EBPF_EXPORTER_CORE_CONFIG_DECODER_INPUTS_H_
#define EBPF_EXPORTER_CORE_CONFIG_DECODER_INPUTS_H_

#include <algorithm>
#include <array>
#include <string_view>

namespace ebpf_exporter {

enum class DecoderInput {
  kRaw,     // bytes of the key: numbers, addresses
  kNumber,  // the text of a number
  kText,    // text of any kind
  kAny,     // either
};

struct DecoderInputs {
  std::string_view name;
  DecoderInput input = DecoderInput::kAny;
  bool gives_number = false;  // what comes out may be the text of a number
};

// In the order of kDecoderNames.
inline constexpr std::array kDecoderInputs = {
    DecoderInputs{"cgroup", DecoderInput::kNumber},
    DecoderInputs{"dname", DecoderInput::kAny},
    DecoderInputs{"enum", DecoderInput::kRaw, true},
    DecoderInputs{"errno", DecoderInput::kNumber},
    DecoderInputs{"hex", DecoderInput::kAny},
    DecoderInputs{"ifname", DecoderInput::kRaw},
    DecoderInputs{"inet_ip", DecoderInput::kRaw},
    DecoderInputs{"int", DecoderInput::kRaw, true},
    DecoderInputs{"kstack", DecoderInput::kRaw},
    DecoderInputs{"ksym", DecoderInput::kRaw},
    DecoderInputs{"mac", DecoderInput::kRaw},
    DecoderInputs{"majorminor", DecoderInput::kRaw},
    DecoderInputs{"pci_class", DecoderInput::kNumber},
    DecoderInputs{"pci_device", DecoderInput::kNumber},
    DecoderInputs{"pci_subclass", DecoderInput::kNumber},
    DecoderInputs{"pci_vendor", DecoderInput::kNumber},
    DecoderInputs{"regexp", DecoderInput::kAny, true},
    DecoderInputs{"static_map", DecoderInput::kText, true},
    DecoderInputs{"string", DecoderInput::kAny},
    DecoderInputs{"syscall", DecoderInput::kNumber},
    DecoderInputs{"uint", DecoderInput::kRaw, true},
};

// Of an unknown decoder: anything.
inline DecoderInputs InputsOf(std::string_view decoder) {
  const auto found = std::find_if(kDecoderInputs.begin(), kDecoderInputs.end(),
                                  [decoder](const DecoderInputs& inputs) {
                                    return inputs.name == decoder;
                                  });
  if (found != kDecoderInputs.end()) return *found;
  return {.name = decoder, .gives_number = true};
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_CONFIG_DECODER_INPUTS_H_
