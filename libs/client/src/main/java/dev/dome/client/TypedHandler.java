package dev.dome.client;

/**
 * Works one attempt of a task whose inputs are a {@code T}.
 *
 * <p>What it returns is what its attempt came to: a {@link Result} as it is; null is PASS; anything
 * else is PASS with that value, as JSON, for its evidence. Threads and exceptions are those of
 * {@link TaskHandler}.
 *
 * @param <T> read by Jackson from {@code task_spec.inputs} of the task, names in snake_case,
 *     unknown ones passed over; an attempt whose inputs are no {@code T} fails as {@code
 *     PLAN.TASK_SPEC}
 */
@FunctionalInterface
public interface TypedHandler<T, R> {
  R handle(T inputs, TaskContext task) throws Exception;
}
