/**
 * Who sent a token: trusted issuers, their keys and how those are kept current, and what a
 * deployment grants to subjects whose tokens carry no roles. Nothing here decides what a role may.
 */
package dev.dome.web.identity;
