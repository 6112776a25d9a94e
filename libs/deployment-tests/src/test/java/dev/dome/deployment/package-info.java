/**
 * What a cluster would be given, judged without one: every rendered document against its type, and
 * against the policies of this package. Nothing here starts a service.
 */
package dev.dome.deployment;
