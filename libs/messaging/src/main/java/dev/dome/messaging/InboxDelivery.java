package dev.dome.messaging;

/**
 * One message of a lane's inbox, in order.
 *
 * @param position to be stored with the message's effect
 * @param body JSON of an {@code InboxMessage}, unchecked
 * @param pending messages of the lane that the server holds beyond this one
 */
// The bytes are handed on once and never compared, so a copy or a wrapper would buy nothing.
@SuppressWarnings("ArrayRecordComponent")
public record InboxDelivery(InboxPosition position, byte[] body, long pending) {}
