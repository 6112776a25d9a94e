/**
 * The limits of a namespace on PostgreSQL, by Hibernate Reactive: the one record that operators
 * write without the lane writer. No entity leaves this package.
 */
package dev.dome.statecontroller.adapter.limits;
