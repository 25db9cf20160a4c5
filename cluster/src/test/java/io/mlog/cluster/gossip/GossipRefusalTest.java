package io.mlog.cluster.gossip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mlog.cluster.gossip.wire.Logged;
import io.mlog.cluster.net.BoundPort;
import io.mlog.core.membership.MembershipEvent.Left;
import io.mlog.model.HostPort;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.net.Socket;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Who is not taken in, and what the operators of both nodes are told. */
class GossipRefusalTest {
    private static final String KEY = "one-key-of-22-characters";
    private static final AtomicInteger DESERIALISED = new AtomicInteger();

    /** Counts when something makes an object of its bytes. */
    private static final class Bomb implements Serializable {
        private static final long serialVersionUID = 1L;

        private void readObject(ObjectInputStream in) throws IOException {
            DESERIALISED.incrementAndGet();
        }
    }

    @Test
    void nodeWithAWrongKeyIsRefusedInALineOnBothSides() throws Exception {
        try (Logged log = new Logged();
                Gossiper first = Gossiper.of("node-1").keys(KEY).start();
                Gossiper second = Gossiper.of("node-2").keys(KEY).peers(first).start();
                Gossiper wrong = Gossiper.of("node-3").keys("wrong-" + KEY).peers(first).start()) {
            first.awaitMembers(second);
            Gossiper.eventually(
                    "both say so",
                    () ->
                            log.has(
                                            "refused gossip from 127.0.0.1:",
                                            "it does not decrypt with our --cluster-key")
                                    && log.has(
                                            first.address() + " refuses our gossip",
                                            "it was started with another --cluster-key"));
            assertThat(wrong.membership.joined()).isNotDone();
            assertThat(wrong.membership.members()).containsExactly(wrong.self());
            assertThat(first.membership.members()).containsExactly(first.self(), second.self());
            assertThat(log.has("no answer", first.address().toString())).isFalse();
        }
    }

    @Test
    void peerThatIsNoNodeIsNamed() throws Exception {
        try (Logged log = new Logged();
                BoundPort mute = BoundPort.bind(new HostPort("127.0.0.1", 0), "--other");
                Gossiper joiner = Gossiper.of("node-1").peers(mute.address()).start()) {
            Gossiper.eventually(
                    "it is named",
                    () ->
                            log.has(
                                    "no answer from peer " + mute.address(),
                                    "it said nothing in time",
                                    "trying again"));
            assertThat(joiner.membership.joined()).isNotDone();
        }
    }

    @Test
    void nodeThatCannotBeReachedWhereItSaysIsToldSo() throws Exception {
        try (Logged log = new Logged();
                Gossiper first = Gossiper.start("node-1");
                Gossiper unreachable =
                        Gossiper.of("node-2")
                                .advertised(new HostPort("127.0.0.1", 1))
                                .peers(first)
                                .start()) {
            Gossiper.eventually(
                    "it is told",
                    () ->
                            log.has(
                                    "peer " + first.address(),
                                    "can it reach us at 127.0.0.1:1 (--advertise-addr)?"));
            assertThat(first.membership.members()).containsExactly(first.self());
            assertThat(unreachable.membership.joined()).isNotDone();
        }
    }

    @Test
    void strangersBytesLeaveGossipAliveAndDeserialiseNothing() throws Exception {
        Random random = new Random(11);
        try (Gossiper first = Gossiper.start("node-1");
                Gossiper second = Gossiper.start("node-2", first)) {
            first.awaitMembers(second);
            for (int i = 0; i < 100; i++) {
                byte[] bytes = new byte[random.nextInt(500)];
                random.nextBytes(bytes);
                throwAt(first.address(), i % 2 == 0 ? bytes : serialized(new Bomb()));
            }
            try (Gossiper third = Gossiper.start("node-3", first)) {
                first.awaitMembers(second, third);
                third.awaitMembers(first, second);
            }
            assertThat(DESERIALISED).hasValue(0);
            assertThat(first.sureEvents()).doesNotHaveAnyElementsOfTypes(Left.class);
        }
    }

    @Test
    void nodesMeetOverIpv6() throws Exception {
        HostPort loopback = new HostPort("::1", 0);
        assumeTrue(hasIpv6(loopback), "this machine has no ::1");
        try (Gossiper first = Gossiper.of("node-1").at(loopback).start();
                Gossiper second = Gossiper.of("node-2").at(loopback).peers(first).start()) {
            first.awaitMembers(second);
            second.awaitMembers(first);
        }
    }

    private static boolean hasIpv6(HostPort loopback) {
        try (BoundPort bound = BoundPort.bind(loopback, "--bind-addr")) {
            return bound.address().port() > 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static byte[] serialized(Serializable object) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(object);
        }
        return bytes.toByteArray();
    }

    private static void throwAt(HostPort address, byte[] bytes) {
        try (Socket socket = new Socket(address.host(), address.port())) {
            socket.getOutputStream().write(bytes);
            socket.shutdownOutput();
            socket.setSoTimeout(10_000);
            var _ = socket.getInputStream().readAllBytes();
        } catch (IOException e) {
            // Disconnected.
        }
    }
}
