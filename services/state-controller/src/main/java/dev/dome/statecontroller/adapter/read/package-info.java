/**
 * Reads of the state-controller's tables by Hibernate Reactive. The lane writer owns every write
 * that is about runs, so the entities are immutable here, and none leaves this package; an
 * operator's drain of workers is written here, because no lane is about it.
 */
package dev.dome.statecontroller.adapter.read;
