/**
 * Checks and derives from the hand-written truth under ssot: its schemas, examples and policies,
 * and the pages made from the reason-code catalog. Nothing here runs inside a service.
 */
package dev.dome.contracts.ssot;
