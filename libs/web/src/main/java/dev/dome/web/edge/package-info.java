/**
 * The edges of HTTP: what is answered before or beside the resources, so that a request that never
 * reaches one gets the same problem+json as any other. Nothing here knows a resource.
 */
package dev.dome.web.edge;
