/** The documents of the v0.2 contract family as records; JSON names are their snake_case names. */
package dev.dome.contracts.artifact;
