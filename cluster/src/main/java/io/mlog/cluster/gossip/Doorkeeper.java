package io.mlog.cluster.gossip;

import io.mlog.cluster.gossip.wire.Packet;
import io.mlog.cluster.gossip.wire.Packet.Rumour;
import io.mlog.cluster.gossip.wire.Packet.Sync;
import io.mlog.cluster.gossip.wire.Sighting;
import io.mlog.cluster.gossip.wire.Sighting.Status;
import io.mlog.core.membership.Member;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps from the library what it would not handle well: the leaving of someone whom it does not
 * know, which it would remember and pass on for ever; somebody else under this boot's own name,
 * whom it would take for this boot; more boots than {@link #MOST_BOOTS}; and all that someone knows
 * when that is nothing, over which it stumbles. No state.
 */
final class Doorkeeper {
    static final int MOST_BOOTS = 1000;

    private Doorkeeper() {}

    /**
     * What of a packet the library is to see.
     *
     * @param known ids of the boots that are known already
     */
    static Optional<Packet> admit(Member self, Set<String> known, Packet packet) {
        return switch (packet) {
            case Sync(boolean isAnswer, List<Sighting> sightings) -> {
                List<Sighting> admitted =
                        sightings.stream().filter(each -> isAdmitted(self, known, each)).toList();
                yield admitted.isEmpty()
                        ? Optional.empty()
                        : Optional.of(new Sync(isAnswer, admitted));
            }
            case Rumour rumour ->
                    isAdmitted(self, known, rumour.sighting())
                            ? Optional.of(rumour)
                            : Optional.empty();
            case Packet.Ping ping -> Optional.of(ping);
            case Packet.TagsRequest request -> Optional.of(request);
            case Packet.TagsAnswer answer -> Optional.of(answer);
        };
    }

    private static boolean isAdmitted(Member self, Set<String> known, Sighting sighting) {
        String id = sighting.boot().id();
        if (id.equals(self.id())) {
            return sighting.boot().address().equals(self.gossipAddress());
        }
        return known.contains(id)
                || (sighting.status() == Status.ALIVE && known.size() < MOST_BOOTS);
    }
}
