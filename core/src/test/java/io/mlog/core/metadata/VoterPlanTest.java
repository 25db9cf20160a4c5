package io.mlog.core.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.model.HostPort;
import io.mlog.model.PeerId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Peers are written {@code a} for node a on its directory 1 and {@code a2} for directory 2; behind
 * it {@code -} for one that does not answer and {@code <} for one that lags. The first voter leads.
 */
class VoterPlanTest {
    private static final HostPort ADDRESS = new HostPort("h", 1);
    private static final long COMMITTED = 5000;

    @ParameterizedTest(name = "voters {0}, listeners {1}, belonging {2}, present {3}: {4}")
    @CsvSource({
        // Growing.
        "a,         none,        none,          none,      nothing",
        "a,         none,        a,             a,         nothing",
        "a,         none,        a b,           a b,       add b",
        "a,         none,        a b,           a,         nothing",
        "a,         none,        a,             a b,       nothing",
        "a,         b,           a b,           a b,       nothing",
        "a,         b,           a b c,         a b c,     add c",
        "a,         b c<,        a b c,         a b c,     nothing",
        "a,         b c-,        a b c,         a b c,     nothing",
        "a,         b c,         a b c,         a b c,     promote b c",
        "a,         b c d,       a b c d,       a b c d,   promote b c",
        "a b c,     d,           a b c d,       a b c d,   nothing",
        "a b c,     d e,         a b c d e,     a b c d e, promote d e",
        "a b- c,    d e,         a b c d e,     a c d e,   promote d e",
        "a b c d e, f,           a b c d e f,   f,         nothing",
        "a b c d e, f g,         a b c d e f g, f g,       nothing",
        "a b c d e, none,        a b c d e f,   f,         add f",
        // Even, after somebody left.
        "a b,       none,        a b,           a b,       nothing",
        "a b,       c,           a b c,         a b c,     promote c",
        "a b,       c<,          a b c,         a b c,     nothing",
        "a b c d,   e f,         a b c d e f,   none,      promote e",
        // Failures drop nobody.
        "a b- c-,   none,        a b c,         a,         nothing",
        "a b c-,    d-,          a b c d,       a b,       nothing",
        // Leaving.
        "a b c,     none,        a b,           a b,       remove c",
        "a b c,     d,           a b d,         a b d,     replace c d",
        "a b c,     d<,          a b d,         a b d,     remove c",
        "a b c,     d-,          a b d,         a b d,     remove c",
        "a b- c,    none,        a b,           a,         nothing",
        "a b c-,    none,        a b,           a b,       remove c",
        "a b c,     d,           a b c,         a b c,     remove d",
        "a b c,     none,        b c,           b c,       lead b",
        "a b- c,    none,        b c,           c,         lead c",
        "a b- c-,   none,        b c,           none,      nothing",
        "a,         none,        b,             b,         add b",
        "a b,       none,        a,             a,         remove b",
        // A wiped disk.
        "a b c-,    none,        a b c2,        a b c2,    add c2",
        "a b c-,    c2<,         a b c2,        a b c2,    nothing",
        "a b c-,    c2,          a b c2,        a b c2,    replace c c2",
        "a b c-,    c2 d,        a b c2 d,      a b c2 d,  replace c c2",
        "a c-,      c2,          a c2,          a c2,      replace c c2",
        "a b c,     d- d2,       a b c d2,      d2,        remove d",
        "a b c- c2, none,        a b c2,        a b c2,    remove c",
        "a b- c-,   c2 d,        a b c2 d,      c2 d,      replace c c2"
    })
    void nextStep(
            String voters, String listeners, String belonging, String present, String expected) {
        assertThat(told(VoterPlan.next(view(voters, listeners), peers(belonging), at(present))))
                .isEqualTo(expected);
    }

    @Test
    void nothingIsDoneByWhoDoesNotLeadNorDuringAChange() {
        QuorumView view = view("a", "b c");
        QuorumLeadership elsewhere = new QuorumLeadership(3, Optional.of(peer("a")), false);
        assertThat(
                        VoterPlan.next(
                                new QuorumView(elsewhere, COMMITTED, true, view.members()),
                                peers("a b c"),
                                at("a b c")))
                .isEmpty();
        assertThat(
                        VoterPlan.next(
                                new QuorumView(view.leadership(), COMMITTED, false, view.members()),
                                peers("a b c"),
                                at("a b c")))
                .isEmpty();
    }

    @Test
    void everyClusterGrowsToAnOddNumberOfVotersWithoutEverHavingAnEvenOne() {
        for (int nodes = 1; nodes <= 9; nodes++) {
            String all = "a b c d e f g h i".substring(0, 2 * nodes - 1);
            QuorumView view = view("a", "none");
            for (int steps = 0; steps < 30; steps++) {
                assertThat(view.voters().size() % 2).isOne();
                Optional<VoterPlan.Step> step = VoterPlan.next(view, peers(all), at(all));
                if (step.isEmpty()) {
                    break;
                }
                view = after(view, ((VoterPlan.Step.Change) step.get()).change());
            }
            assertThat(view.members()).hasSize(nodes);
            assertThat(view.voters()).hasSize(nodes >= 5 ? 5 : nodes >= 3 ? 3 : 1);
        }
    }

    @Test
    void everyStepFitsTheMembersItWasDecidedOn() {
        QuorumView view = view("a b c-", "c2 d");
        Optional<VoterPlan.Step> step = VoterPlan.next(view, peers("a b c2 d"), at("a b c2 d"));
        assertThat(((VoterPlan.Step.Change) step.orElseThrow()).change().misfit(view)).isEmpty();
        assertThat(new QuorumChange.Remove(peer("a")).misfit(view))
                .hasValueSatisfying(why -> assertThat(why).contains("leads"));
        assertThat(new QuorumChange.Promote(Set.of(peer("b"))).misfit(view)).isPresent();
        assertThat(new QuorumChange.Promote(Set.of()).misfit(view)).isPresent();
        assertThat(new QuorumChange.AddListener(peer("d"), ADDRESS).misfit(view)).isPresent();
        assertThat(new QuorumChange.Replace(peer("b"), peer("c")).misfit(view)).isPresent();
        assertThat(new QuorumChange.Remove(peer("z")).misfit(view)).isPresent();
    }

    private static QuorumView after(QuorumView view, QuorumChange change) {
        Map<PeerId, QuorumMember> members =
                new TreeMap<>(
                        view.members().stream()
                                .collect(Collectors.toMap(QuorumMember::id, member -> member)));
        switch (change) {
            case QuorumChange.AddListener(PeerId peer, HostPort address) ->
                    members.put(peer, member(peer.nodeId(), false));
            case QuorumChange.Promote(var listeners) ->
                    listeners.forEach(peer -> members.put(peer, member(peer.nodeId(), true)));
            default -> throw new AssertionError(change);
        }
        return new QuorumView(view.leadership(), COMMITTED, true, List.copyOf(members.values()));
    }

    private static String told(Optional<VoterPlan.Step> step) {
        if (step.isEmpty()) {
            return "nothing";
        }
        assertThat(step.get().why()).isNotBlank();
        return switch (step.get()) {
            case VoterPlan.Step.HandOver(PeerId to, String why) -> "lead " + name(to);
            case VoterPlan.Step.Change(QuorumChange change, String why) ->
                    switch (change) {
                        case QuorumChange.AddListener(PeerId peer, HostPort address) ->
                                "add " + name(peer);
                        case QuorumChange.Promote(var peers) ->
                                "promote "
                                        + peers.stream()
                                                .sorted()
                                                .map(VoterPlanTest::name)
                                                .collect(Collectors.joining(" "));
                        case QuorumChange.Remove(PeerId peer) -> "remove " + name(peer);
                        case QuorumChange.Replace(PeerId voter, PeerId listener) ->
                                "replace " + name(voter) + " " + name(listener);
                    };
        };
    }

    private static QuorumView view(String voters, String listeners) {
        List<QuorumMember> members =
                new ArrayList<>(words(voters).stream().map(word -> member(word, true)).toList());
        words(listeners).forEach(word -> members.add(member(word, false)));
        return new QuorumView(
                new QuorumLeadership(3, Optional.of(members.getFirst().id()), true),
                COMMITTED,
                true,
                members);
    }

    private static QuorumMember member(String word, boolean voter) {
        return new QuorumMember(
                peer(word),
                ADDRESS,
                voter,
                OptionalLong.of(COMMITTED - VoterPlan.MOST_LAG - (word.endsWith("<") ? 1 : 0)),
                OptionalLong.of(VoterPlan.MOST_SILENCE_MS + (word.endsWith("-") ? 1 : 0)));
    }

    private static PeerId peer(String word) {
        String bare = word.replaceAll("[-<]", "");
        return new PeerId(bare.substring(0, 1), bare.length() > 1 ? bare.substring(1) : "1");
    }

    private static String name(PeerId peer) {
        return peer.nodeId() + (peer.directoryId().equals("1") ? "" : peer.directoryId());
    }

    private static Set<PeerId> peers(String words) {
        return words(words).stream().map(VoterPlanTest::peer).collect(Collectors.toSet());
    }

    private static Map<PeerId, HostPort> at(String words) {
        return peers(words).stream().collect(Collectors.toMap(peer -> peer, peer -> ADDRESS));
    }

    private static List<String> words(String text) {
        return text.equals("none") ? List.of() : Arrays.asList(text.split(" "));
    }
}
