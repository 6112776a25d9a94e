/**
 * What every HTTP service of dome answers with and asks for in the same way: problem+json, bearer
 * tokens, the role check, paging cursors, JSON settings and security headers. No resource and no
 * decision of a service lives here.
 */
package dev.dome.web;
