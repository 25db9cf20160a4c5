package io.mlog.simulation;

import io.mlog.model.Acks;
import io.mlog.storage.fake.MemoryFileStore.Crash;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Short stories in which one rule alone stands between the cluster and a broken promise. Every
 * promise is checked after every event of them, so most need no assertion of their own.
 */
public final class Scenarios {
    /** The stories by their names. */
    static final Map<String, Runnable> ALL = all();

    private Scenarios() {}

    private static Map<String, Runnable> all() {
        Map<String, Runnable> all = new TreeMap<>();
        all.put("nothing is committed before the leader's disk has it", Scenarios::leadersDisk);
        all.put("a new leader's tail counts when its disk has it", Scenarios::newLeadersDisk);
        all.put("a follower asks on when its disk has what it got", Scenarios::followersDisk);
        all.put("one in sync commits nothing where two must be", Scenarios::tooFew);
        all.put("a member that the leader does not know of yet counts", Scenarios::unknownMember);
        all.put("a proposal overtaken by another changes nothing", Scenarios::overtakenProposal);
        all.put("a proposal that nobody answered counts on", Scenarios::unansweredProposal);
        all.put("a follower is cut where the logs part", Scenarios::cutWhereLogsPart);
        all.put("an answer of a former leader comes late", Scenarios::lateAnswer);
        all.put("a fetch in a former leader epoch says nothing", Scenarios::formerEpoch);
        all.put("a leader that restarts has another leader epoch", Scenarios::epochOfRestart);
        all.put("a tail that was recovered is on disk", Scenarios::recoveredTail);
        all.put("metadata of before the restart is not obeyed", Scenarios::oldMetadata);
        all.put("a new leader tells no lower high watermark", Scenarios::lowerHighWatermark);
        all.put("a clock that is set back lets no producer wait", Scenarios::clockSetBack);
        all.put("who leads again gives producers up in time", Scenarios::leadsAgain);
        return all;
    }

    /** Runs one; empty when it ended well. Called by name from other class loaders, too. */
    public static String failureOf(String name) {
        Runnable story = ALL.get(name);
        if (story == null) {
            throw new IllegalArgumentException("no story is named '" + name + "'");
        }
        try {
            story.run();
            return "";
        } catch (Violation broken) {
            return String.valueOf(broken.getMessage());
        }
    }

    private static void check(boolean holds, String what) {
        if (!holds) {
            throw new Violation(what);
        }
    }

    private static void leadersDisk() {
        Scene scene = new Scene();
        scene.appendSettled(3);
        scene.broker(1).disk().hold();
        Scene.Answer answer = scene.append(1, Acks.ALL);
        scene.until("the followers have it", () -> scene.flushed(2) == 4 && scene.flushed(3) == 4);
        scene.run(200);
        check(!answer.isGiven(), "acknowledged before the leader's disk has it");
        scene.crash(1, Crash.POWER);
        scene.settle();
        check(scene.end(1) == 4, "the followers had the record, so it stays");
    }

    private static void newLeadersDisk() {
        Scene scene = new Scene();
        scene.appendSettled(3);
        scene.broker(2).disk().hold();
        scene.append(1, Acks.LEADER);
        scene.until(
                "2 has it in memory, 3 on disk", () -> scene.end(2) == 4 && scene.flushed(3) == 4);
        scene.prefer(2);
        scene.until("2 leads", () -> scene.leads(2) >= 0);
        scene.run(200);
        check(scene.highWatermark(2) == 3, "its disk does not have it yet");
        scene.settle();
    }

    private static void followersDisk() {
        Scene scene = new Scene();
        scene.broker(2).disk().hold();
        scene.broker(3).disk().hold();
        Scene.Answer answer = scene.append(1, Acks.ALL);
        scene.until("the followers got it", () -> scene.end(2) == 1 && scene.end(3) == 1);
        scene.run(300);
        check(!answer.isGiven(), "acknowledged before the followers' disks have it");
        scene.settle();
        check(answer.isGood(), "everybody has it");
    }

    private static void tooFew() {
        Scene scene = new Scene();
        scene.appendSettled(3);
        scene.broker(2).disk().hold();
        scene.broker(3).disk().hold();
        scene.append(1, Acks.LEADER);
        scene.until("1 alone is in sync", () -> scene.isr().equals(List.of(1)));
        scene.append(1, Acks.LEADER);
        scene.run(300);
        check(scene.flushed(1) == 5, "the leader takes it with acks=1");
        check(scene.highWatermark(1) == 3, "one replica commits nothing");
        scene.settle();
    }

    private static void unknownMember() {
        Scene scene = new Scene();
        scene.quorum().moveLeader(2);
        scene.appendSettled(3);
        scene.crashUntilFenced(3, Crash.PROCESS);
        scene.cutBothWays(1, 3);
        scene.startUntilServing(3);
        scene.quorum().moveLeader(3);
        scene.run(300);
        scene.network().heal();
        scene.until("3 is in sync", () -> scene.isr().contains(3));
        scene.cutBothWays(1, 3);
        Scene.Answer answer = scene.append(1, Acks.ALL);
        scene.until("2 has it", () -> scene.flushed(2) == 4);
        scene.run(100);
        check(!answer.isGiven(), "acknowledged without broker 3, which is in sync");
        scene.settle();
    }

    private static void overtakenProposal() {
        Scene scene = new Scene();
        scene.quorum().moveLeader(2);
        scene.appendSettled(3);
        int before = scene.decided().partitionEpoch();
        scene.cutBothWays(1, 3);
        scene.until("3 is out of sync", () -> !scene.isr().contains(3));
        Scene.Answer answer = scene.append(1, Acks.ALL);
        scene.until("it is acknowledged", answer::isGood);
        scene.propose(1, scene.decided().leaderEpoch(), before, 1, 2, 3);
        scene.run(100);
        scene.settle();
    }

    private static void unansweredProposal() {
        Scene scene = new Scene();
        scene.quorum().moveLeader(2);
        scene.appendSettled(3);
        scene.cutBothWays(1, 3);
        scene.until("3 is out of sync", () -> !scene.isr().contains(3));
        scene.run(200);
        int leaderEpoch = scene.decided().leaderEpoch();
        int partitionEpoch = scene.decided().partitionEpoch();
        scene.quorum().unreliable(100, 0);
        scene.network().heal();
        scene.until("the leader wishes for 3 again", () -> scene.hasProposed(3));
        scene.cutBothWays(1, 3);
        scene.run(2500);
        Scene.Answer answer = scene.append(1, Acks.ALL);
        scene.until("2 has it", () -> scene.flushed(2) == 4);
        scene.run(200);
        check(!answer.isGiven(), "acknowledged without broker 3, which may be in sync any time");
        scene.propose(1, leaderEpoch, partitionEpoch, 1, 2, 3);
        scene.run(100);
        scene.quorum().recover();
        scene.settle();
    }

    private static void cutWhereLogsPart() {
        Scene scene = new Scene();
        scene.appendSettled(5);
        scene.network().cut(1, 3);
        scene.append(1, Acks.LEADER);
        scene.run(5);
        for (int i = 0; i < 4; i++) {
            scene.append(1, Acks.LEADER);
        }
        scene.until("2 has ten", () -> scene.flushed(2) == 10);
        scene.run(20);
        scene.network().cut(1, 2);
        scene.append(1, Acks.LEADER);
        scene.until("1 has eleven", () -> scene.flushed(1) == 11);
        scene.network().uncut(1, 3);
        scene.until("ten are committed", () -> scene.highWatermark(1) == 10);
        scene.network().cut(1, 3);
        check(scene.flushed(3) == 11, "broker 3 has one that 2 has not");
        check(scene.highWatermark(3) < 10, "broker 3 has not heard of the high watermark");
        scene.crash(1, Crash.POWER);
        scene.until("2 leads", () -> scene.leads(2) >= 0);
        scene.until("3 follows it", () -> scene.end(3) == 10);
        scene.settle();
        check(scene.end(1) == 10, "what was committed stays, and no more");
    }

    private static void lateAnswer() {
        Scene scene = new Scene();
        scene.quorum().moveLeader(1);
        scene.appendSettled(5);
        scene.network().cut(1, 2);
        scene.append(1, Acks.LEADER);
        scene.until("3 has six", () -> scene.flushed(3) == 6);
        scene.run(5);
        scene.network().cut(2, 3);
        scene.prefer(2);
        scene.knowsAll(2);
        scene.until("2 leads", () -> scene.leads(2) >= 0);
        scene.network().uncut(1, 2);
        scene.until("1 follows it and is cut", () -> scene.end(1) == 5);
        scene.run(50);
        check(scene.end(3) == 6, "broker 3 waits for the answer of 2");
        scene.prefer(1);
        scene.until("1 leads", () -> scene.leads(1) >= 0);
        Scene.Answer answer = scene.append(1, Acks.ALL);
        scene.until("it is acknowledged", answer::isGood);
        scene.network().uncut(2, 3);
        scene.run(100);
        scene.settle();
    }

    private static void formerEpoch() {
        Scene scene = new Scene();
        scene.quorum().moveLeader(1);
        scene.appendSettled(5);
        scene.network().cut(1, 2);
        scene.append(1, Acks.LEADER);
        scene.until("3 has six", () -> scene.flushed(3) == 6);
        scene.run(20);
        scene.quorum().deafen(1, true);
        scene.quorum().deafen(3, true);
        scene.prefer(2);
        int secondLeadership = scene.quorum().lastIndex();
        scene.knowsAll(2);
        scene.quorum().deafen(2, true);
        scene.prefer(1);
        scene.knowsAll(1);
        scene.until("1 leads again", () -> scene.leads(1) == scene.decided().leaderEpoch());
        scene.run(250);
        scene.broker(3).running().seat().learns(secondLeadership);
        scene.run(100);
        scene.network().uncut(1, 2);
        scene.knowsAll(2);
        scene.run(300);
        scene.quorum().recover();
        scene.settle();
    }

    private static void epochOfRestart() {
        Scene scene = new Scene(Settings.PLAIN.withMinIsr(1));
        scene.quorum().moveLeader(2);
        scene.appendSettled(5);
        scene.broker(2).disk().hold();
        scene.broker(3).disk().hold();
        scene.append(1, Acks.LEADER);
        scene.until("1 alone is in sync", () -> scene.isr().equals(List.of(1)));
        scene.quorum().interrupt(true);
        scene.broker(1).disk().hold();
        scene.append(1, Acks.LEADER);
        scene.broker(3).disk().release();
        scene.until("3 has what 1 has not on disk", () -> scene.flushed(3) == 7);
        scene.crash(1, Crash.POWER);
        scene.run(200);
        scene.quorum().interrupt(false);
        scene.broker(1).disk().release();
        scene.start(1);
        scene.until("1 leads", () -> scene.leads(1) >= 0);
        check(scene.end(1) == 6, "broker 1 has lost the last one");
        scene.append(1, Acks.LEADER);
        scene.settle();
    }

    private static void recoveredTail() {
        Scene scene = new Scene();
        scene.appendSettled(3);
        scene.broker(2).disk().hold();
        scene.append(1, Acks.LEADER);
        scene.until("2 has it in memory", () -> scene.end(2) == 4);
        scene.crash(2, Crash.PROCESS);
        scene.start(2);
        scene.until("2 has recovered", () -> scene.isOpen(2));
        check(scene.flushed(2) == 4, "what was recovered counts as flushed");
        scene.crash(2, Crash.POWER);
        scene.start(2);
        scene.until("2 has recovered", () -> scene.isOpen(2));
        scene.settle();
    }

    private static void oldMetadata() {
        Scene scene = new Scene();
        scene.quorum().moveLeader(2);
        scene.appendSettled(5);
        scene.broker(1).disk().hold();
        scene.broker(3).disk().hold();
        scene.network().cut(1, 3);
        scene.append(1, Acks.LEADER);
        scene.until("2 has what 1 has not on disk", () -> scene.flushed(2) == 6);
        scene.quorum().interrupt(true);
        scene.crash(1, Crash.POWER);
        scene.broker(1).disk().release();
        scene.broker(3).disk().release();
        scene.network().heal();
        scene.start(1);
        scene.run(20);
        scene.append(1, Acks.LEADER);
        scene.run(600);
        scene.quorum().interrupt(false);
        scene.settle();
    }

    private static void lowerHighWatermark() {
        Scene scene = new Scene();
        scene.appendSettled(5);
        for (int i = 0; i < 5; i++) {
            scene.append(1, Acks.LEADER);
        }
        scene.until("ten are committed", () -> scene.highWatermark(1) == 10);
        check(Long.valueOf(10).equals(scene.latest(1)), "the leader tells it");
        check(scene.highWatermark(2) < 10, "broker 2 has not heard of it");
        scene.quorum().deafen(1, true);
        scene.quorum().deafen(3, true);
        scene.prefer(2);
        scene.until("2 leads", () -> scene.leads(2) >= 0);
        check(scene.latest(2) == null, "broker 2 does not know yet");
        scene.quorum().recover();
        scene.settle();
        check(Long.valueOf(10).equals(scene.latest(scene.decided().leader())), "all is known");
    }

    private static void clockSetBack() {
        Scene scene = new Scene();
        scene.broker(2).disk().hold();
        scene.broker(3).disk().hold();
        Scene.Answer answer = scene.append(1, Acks.ALL);
        scene.broker(1).clock().jump(-3_600_000);
        scene.run(Scene.PRODUCE_TIMEOUT_MS + 100);
        check(answer.isGiven() && !answer.isGood(), "the producer is told that it took too long");
        scene.settle();
    }

    private static void leadsAgain() {
        Scene scene = new Scene();
        scene.broker(2).disk().hold();
        scene.broker(3).disk().hold();
        Scene.Answer first = scene.append(1, Acks.ALL);
        scene.run(50);
        scene.prefer(2);
        scene.until("1 has lost the leadership", first::isGiven);
        scene.broker(2).disk().release();
        scene.broker(3).disk().release();
        scene.run(Scene.PRODUCE_TIMEOUT_MS + 100);
        scene.prefer(1);
        scene.until("1 leads", () -> scene.leads(1) >= 0);
        scene.broker(2).disk().hold();
        scene.broker(3).disk().hold();
        Scene.Answer second = scene.append(1, Acks.ALL);
        scene.run(Scene.PRODUCE_TIMEOUT_MS + 100);
        check(second.isGiven() && !second.isGood(), "the producer is told that it took too long");
        scene.settle();
    }
}
