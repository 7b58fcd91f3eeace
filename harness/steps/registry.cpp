#include "harness/steps/registry.hpp"

#include <array>

#include "harness/steps/verbs.hpp"

namespace dialtone {
namespace {

// A list, not self-registration: the linker drops unreferenced objects of a static library, and
// their verbs with them.
constexpr std::array kSteps{
    &kConnect,       &kSend,       &kExpect,        &kExpectEof,    &kExpectReset,  &kExpectSilence,
    &kShutdown,      &kEndRequest, &kClose,         &kReset,        &kControl,      &kPause,
    &kListen,        &kAccept,     &kSocket,        &kCall,         &kExpectSocket, &kExpectServer,
    &kSpawn,         &kExpectExit, &kExpectOutput,  &kRoundTrips,   &kSet,          &kRepeat,
    &kEachCut,       &kParallel,   &kUse,           &kSignal,       &kMeasure,      &kLimit,
    &kExpectProcess, &kAsk,        &kExpectRefused, &kExpectMedian,
};

}  // namespace

std::span<const StepSpec* const> step_registry() { return kSteps; }

}  // namespace dialtone
