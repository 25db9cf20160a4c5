package io.mlog.systemtests.harness;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/** What a broker offers of Kafka's protocol, as a client asks for it: ApiVersions, version 0. */
public final class OfferedApis {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int CORRELATION_ID = 7;

    /** ApiVersions (18), version 0, no client id. */
    private static final byte[] REQUEST = {0, 18, 0, 0, 0, 0, 0, CORRELATION_ID, -1, -1};

    private OfferedApis() {}

    /** The keys of the APIs. */
    public static Set<Integer> of(int port) throws IOException {
        try (RawConnection connection = RawConnection.to(port, PATIENCE)) {
            connection.sendFrame(REQUEST);
            ByteBuffer answer = ByteBuffer.wrap(connection.readFrame());
            if (answer.getInt() != CORRELATION_ID || answer.getShort() != 0) {
                throw new IOException("not an answer to ApiVersions, or an error");
            }
            Set<Integer> keys = new HashSet<>();
            for (int left = answer.getInt(); left > 0; left--) {
                keys.add((int) answer.getShort());
                answer.getInt(); // from which version to which
            }
            return keys;
        }
    }
}
