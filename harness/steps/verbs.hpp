#pragma once

#include "harness/model/step_spec.hpp"

namespace dialtone {

extern const StepSpec kAccept;
extern const StepSpec kAsk;
extern const StepSpec kCall;
extern const StepSpec kClose;
extern const StepSpec kConnect;
extern const StepSpec kControl;
extern const StepSpec kEachCut;
extern const StepSpec kEndRequest;
extern const StepSpec kExpect;
extern const StepSpec kExpectEof;
extern const StepSpec kExpectExit;
extern const StepSpec kExpectOutput;
extern const StepSpec kExpectProcess;
extern const StepSpec kExpectMedian;
extern const StepSpec kExpectRefused;
extern const StepSpec kExpectReset;
extern const StepSpec kExpectServer;
extern const StepSpec kExpectSilence;
extern const StepSpec kExpectSocket;
extern const StepSpec kLimit;
extern const StepSpec kListen;
extern const StepSpec kMeasure;
extern const StepSpec kParallel;
extern const StepSpec kPause;
extern const StepSpec kRepeat;
extern const StepSpec kReset;
extern const StepSpec kRoundTrips;
extern const StepSpec kSend;
extern const StepSpec kSet;
extern const StepSpec kShutdown;
extern const StepSpec kSignal;
extern const StepSpec kSocket;
extern const StepSpec kSpawn;
extern const StepSpec kUse;

}  // namespace dialtone
