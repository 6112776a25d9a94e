/**
 * Reads of the state-controller's tables by Hibernate Reactive. The lane writer owns every write,
 * so the entities are immutable here, and none leaves this package.
 */
package dev.dome.statecontroller.adapter.read;
