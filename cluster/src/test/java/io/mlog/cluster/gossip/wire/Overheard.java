package io.mlog.cluster.gossip.wire;

import io.mlog.model.HostPort;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

/** The letters, in clear, of someone who passes them on. */
public final class Overheard {
    private final Queue<Letter> letters = new ConcurrentLinkedQueue<>();

    /** Passes on what is sent over one connection, letter by letter, until it ends. */
    public void passOn(InputStream from, OutputStream to) throws IOException {
        DataInputStream in = new DataInputStream(new BufferedInputStream(from));
        DataOutputStream out = new DataOutputStream(new BufferedOutputStream(to));
        Greeting.read(in).write(out);
        while (true) {
            byte[] frame = Frames.read(in);
            letters.add(LetterCodec.decode(frame));
            Frames.write(out, frame);
        }
    }

    /** Nothing was said so far. */
    public void forget() {
        letters.clear();
    }

    /** All that was said of a boot, by whomever. */
    public Stream<Sighting> of(String boot) {
        return letters.stream()
                .flatMap(letter -> sightings(letter.packet()))
                .filter(sighting -> sighting.boot().id().equals(boot));
    }

    /** What the one at that address believed of a boot, and did not just pass on. */
    public Stream<Sighting> believedBy(HostPort address, String boot) {
        return letters.stream()
                .filter(letter -> letter.sender().equals(address))
                .map(Letter::packet)
                .filter(Packet.Sync.class::isInstance)
                .flatMap(Overheard::sightings)
                .filter(sighting -> sighting.boot().id().equals(boot));
    }

    private static Stream<Sighting> sightings(Packet packet) {
        return switch (packet) {
            case Packet.Sync sync -> sync.sightings().stream();
            case Packet.Rumour rumour -> Stream.of(rumour.sighting());
            case Packet.Ping ping -> Stream.empty();
            case Packet.TagsRequest request -> Stream.empty();
            case Packet.TagsAnswer answer -> Stream.empty();
        };
    }
}
