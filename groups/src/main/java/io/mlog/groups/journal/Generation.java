package io.mlog.groups.journal;

import java.util.List;

/**
 * A classic group as a record of it tells.
 *
 * @param number of the generation
 * @param protocol the assignment strategy, empty when the group has no members
 * @param leader the member that assigned, empty when there is none
 */
public record Generation(int number, String protocol, String leader, List<Member> members) {
    public Generation {
        members = List.copyOf(members);
    }
}
