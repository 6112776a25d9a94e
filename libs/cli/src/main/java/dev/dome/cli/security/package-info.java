/**
 * {@code ./dome security}: attacks on a running dome, by hostile input, planted secrets and
 * borrowed credentials, and what came of them. Nothing here knows how a service defends itself: the
 * contracts in contracts/openapi say what there is to attack.
 */
package dev.dome.cli.security;
