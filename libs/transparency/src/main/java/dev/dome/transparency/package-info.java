/**
 * A transparency log in the formats of C2SP (tlog-tiles, tlog-checkpoint, signed-note) over RFC
 * 6962 hashing, and statements in those of in-toto, DSSE and Sigstore. Everything here is pure but
 * for the store of files; what a statement says is not known here, and no server is needed to check
 * one.
 */
package dev.dome.transparency;
