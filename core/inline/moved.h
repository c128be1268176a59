// What kernels have moved since programs of 1.x were written, and what stands
// in its place: `exporter migrate` writes that, so that the program works on
// kernels before and after.
//
//   kprobe blk_mq_start_request   ->  SEC("tp_btf/block_rq_issue")
//   req->rq_disk                  ->  request_disk(req)
//   req->rq_disk->major           ->  ((struct gendisk *)request_disk(req))
//                                     ->major, a read as any other (pointers.h)
//
// Functions become typed tracepoints, whose arguments are ctx[0], ctx[1] ...

#ifndef EBPF_EXPORTER_CORE_INLINE_MOVED_H_
#define EBPF_EXPORTER_CORE_INLINE_MOVED_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/inline/chain_text.h"
#include "core/inline/code_finding.h"
#include "core/inline/declarations.h"
#include "core/inline/edits.h"
#include "core/inline/token_range.h"
#include "core/inline/tokens.h"

namespace ebpf_exporter {

// A tracepoint that is hit with a function of the kernel.
struct MovedHook {
  std::string_view function;
  std::string_view tracepoint;
  std::string_view checked;  // types of its first arguments
  // The function's arguments as the tracepoint has them.
  std::array<std::string_view, 2> arguments;
};

// Null if the function is where it was.
const MovedHook* FindMovedHook(std::string_view function);

// Whether a function of the code can be called from there: it uses no registers
// and takes no argument that the tracepoint lacks.
bool CanMove(std::string_view code, std::string_view function,
             const MovedHook& hook);

// A program at the tracepoint that calls a function of the code.
std::string MovedCaller(std::string_view code, std::string_view function,
                        const MovedHook& hook);

// The code with reads of moved members as calls, line by line as it was;
// `helpers`: the functions called, as C. Adds to `findings` what is no read.
std::string ReplaceMovedMembers(std::string_view code, std::string& helpers,
                                std::vector<CodeFinding>& findings);

namespace internal {

// The first went with the request queues of old, in Linux 5.0. The last may be
// inlined, into a function that the tracepoint is in as well.
inline constexpr std::array<MovedHook, 3> kMovedHooks = {{
    {"blk_start_request",
     "block_rq_issue",
     "struct request *",
     {"(struct request *)ctx[0]", ""}},
    {"blk_mq_start_request",
     "block_rq_issue",
     "struct request *",
     {"(struct request *)ctx[0]", ""}},
    {"blk_account_io_completion",
     "block_rq_complete",
     "struct request *",
     {"(struct request *)ctx[0]", "ctx[2]"}},
}};

inline constexpr std::string_view kRequestDisk = R"(
/* Requests have their disk up to Linux 5.16, queues theirs from 5.15 on. */
struct request___rq_disk {
	struct gendisk *rq_disk;
} __attribute__((preserve_access_index));

struct request_queue___disk {
	struct gendisk *disk;
} __attribute__((preserve_access_index));

static __always_inline struct gendisk *request_disk(struct request *request)
{
	struct request___rq_disk *old = (void *)request;
	struct request_queue___disk *queue = (void *)BPF_CORE_READ(request, q);

	if (bpf_core_field_exists(old->rq_disk))
		return BPF_CORE_READ(old, rq_disk);
	return BPF_CORE_READ(queue, disk);
}
)";

// The function's arguments behind its context; nothing if it uses that, or is
// not there.
inline std::optional<size_t> ArgumentsBehindContext(std::string_view code,
                                                    std::string_view name) {
  const std::variant<Tokens, CodeFinding> read = Tokenize(code);
  const auto* tokens = std::get_if<Tokens>(&read);
  if (tokens == nullptr) return std::nullopt;
  const Declarations found = FindDeclarations(*tokens);
  const auto function =
      std::ranges::find(found.functions, name, &DeclaredFunction::name);
  if (function == found.functions.end() || function->parameters.size() == 0) {
    return std::nullopt;
  }
  const std::vector<TokenRange> parts =
      SplitArguments(*tokens, function->parameters.begin - 1);
  if (parts[0].size() == 0) return std::nullopt;
  const std::string_view context = (*tokens)[parts[0].end - 1].text;
  for (size_t i = function->body.begin; i < function->body.end; ++i) {
    if ((*tokens)[i].Is(context)) return std::nullopt;
  }
  return parts.size() - 1;
}

}  // namespace internal

inline const MovedHook* FindMovedHook(std::string_view function) {
  const auto found =
      std::ranges::find(internal::kMovedHooks, function, &MovedHook::function);
  return found == internal::kMovedHooks.end() ? nullptr : &*found;
}

inline bool CanMove(std::string_view code, std::string_view function,
                    const MovedHook& hook) {
  const auto known = static_cast<size_t>(std::ranges::count_if(
      hook.arguments, [](std::string_view text) { return !text.empty(); }));
  const auto count = internal::ArgumentsBehindContext(code, function);
  return count && *count <= known;
}

inline std::string MovedCaller(std::string_view code, std::string_view function,
                               const MovedHook& hook) {
  const size_t count =
      internal::ArgumentsBehindContext(code, function).value_or(0);
  std::vector<std::string_view> arguments = {"(void *)ctx"};
  arguments.insert(arguments.end(), hook.arguments.begin(),
                   hook.arguments.begin() + static_cast<ptrdiff_t>(count));
  const std::string name = absl::StrCat(function, "__", hook.tracepoint);
  return absl::StrCat(
      "\n/* In place of a kprobe. The first line lets a loader that knows it "
      "check the\n * type of ctx[0], others skip it. */\nvoid (*const hook____",
      name, ")(", hook.checked,
      ")\n\t__attribute__((section(\".typed_hooks\"), used)) = 0;\n"
      "SEC(\"tp_btf/",
      hook.tracepoint, "\")\nint ", name,
      "(unsigned long long *ctx)\n{\n\treturn ", function, "(",
      absl::StrJoin(arguments, ", "), ");\n}\n");
}

namespace internal {

// Where the operand of the `->` at `arrow` begins: at the base of its chain.
inline size_t ChainBegin(const Tokens& tokens, size_t arrow) {
  static constexpr std::array<std::string_view, 4> kNoCalls = {
      "return", "case", "sizeof", "typeof"};
  size_t begin = arrow;
  while (begin > 0) {
    const Token& last = tokens[begin - 1];
    if (last.Is("]")) {
      begin = last.partner;
      continue;
    }
    if (last.Is(")")) {
      begin = last.partner;
      const bool called =
          begin > 0 && tokens[begin - 1].is_name() &&
          std::ranges::find(kNoCalls, tokens[begin - 1].text) == kNoCalls.end();
      if (called) continue;
    } else if (last.is_name()) {
      --begin;
    } else {
      break;
    }
    if (begin == 0 ||
        !(tokens[begin - 1].Is("->") || tokens[begin - 1].Is("."))) {
      break;
    }
    --begin;
  }
  return begin;
}

// The read of the disk, `...->rq_disk`, whose arrow is at `arrow`.
inline void ReplaceDisk(const Tokens& tokens, size_t arrow, Edits& edits,
                        std::vector<CodeFinding>& findings) {
  const size_t begin = ChainBegin(tokens, arrow);
  const bool followed = arrow + 2 < tokens.size() && tokens[arrow + 2].Is("->");
  if (!followed && begin > 0 && tokens[begin - 1].Is("&") &&
      IsUnary(tokens, begin - 1)) {
    findings.push_back({tokens[arrow].line,
                        "newer kernels have no rq_disk in struct request, so "
                        "it has no address; read it as a value: struct gendisk "
                        "*disk = req->rq_disk"});
    return;
  }
  edits.Before(begin,
               followed ? "((struct gendisk *)request_disk(" : "request_disk(");
  edits.Replace(arrow, followed ? "))" : ")");
  edits.Remove({arrow + 1, arrow + 2});
}

}  // namespace internal

inline std::string ReplaceMovedMembers(std::string_view code,
                                       std::string& helpers,
                                       std::vector<CodeFinding>& findings) {
  const std::variant<Tokens, CodeFinding> read = Tokenize(code);
  const auto* tokens = std::get_if<Tokens>(&read);
  if (tokens == nullptr) return std::string(code);
  Edits edits(code, *tokens);
  // Of two on one chain the later one encloses the earlier.
  for (size_t i = tokens->size(); i-- > 1;) {
    if (!(*tokens)[i].Is("rq_disk") || !(*tokens)[i - 1].Is("->")) continue;
    internal::ReplaceDisk(*tokens, i - 1, edits, findings);
    helpers = internal::kRequestDisk;
  }
  return edits.Apply();
}

}  // namespace ebpf_exporter

#endif  // EBPF_EXPORTER_CORE_INLINE_MOVED_H_
