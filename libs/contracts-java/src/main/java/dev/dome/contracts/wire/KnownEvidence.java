package dev.dome.contracts.wire;

import dev.dome.contracts.id.Sha256;

/**
 * What the store knew of stored content when a report named it. It never changes: content is named
 * by its digest and the first upload says what it is.
 *
 * @param bytes its size
 * @param mediaType type and subtype, with the charset of text
 * @param redaction CHECKED for text in which no rule found a secret, OPAQUE for what is no text
 */
public record KnownEvidence(Sha256 sha256, long bytes, String mediaType, String redaction) {}
