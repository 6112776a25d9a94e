package dev.dome.statecontroller.application;

import dev.dome.kernel.Context;
import dev.dome.kernel.Input;
import dev.dome.kernel.RunState;
import dev.dome.kernel.Step;

/**
 * Decides an input and applies it. Always the kernel, but in tests of this package that look
 * whether a kernel which errs is found out.
 */
@FunctionalInterface
interface Decide {
  Step step(RunState state, Input input, Context context);
}
