package io.mlog.services;

/**
 * A membership that a commit is made under.
 *
 * @param epoch the member's epoch (KIP-848) or the group's generation (classic)
 */
public record GroupMember(String memberId, int epoch) {}
