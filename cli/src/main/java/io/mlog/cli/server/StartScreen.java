package io.mlog.cli.server;

import io.mlog.broker.config.BrokerConfig;
import io.mlog.broker.config.FlushMode;
import io.mlog.model.HostPort;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What the operator sees once the broker serves: what it is, and how to use it, ready to paste. */
final class StartScreen {
    private static final HostPort DEFAULT_CLIENT_ADDRESS = new HostPort("127.0.0.1", 9094);

    private StartScreen() {}

    static String text(
            String version,
            BrokerConfig config,
            String clusterId,
            HostPort clientAddress,
            Duration timeToReady) {
        HostPort address = reachable(clientAddress);
        String addrs = address.equals(DEFAULT_CLIENT_ADDRESS) ? "" : " --addrs " + address;
        return """
        mlog %s   node %s   cluster %s
          clients     %s   (JSON RPC, Kafka protocol, HTTP)%s
          raft        %s
          data        %s
          durability  %s
          ready in    %d ms

        Try it in another terminal:
          bin/producer connect%s --topic hello            each line you type is a record; ^D ends
          bin/consumer connect%s --topic hello --id me    prints them, and resumes where it was
          kcat -P -b %s -t hello                 the same with a Kafka client
          kcat -C -b %s -t hello -e
          http://%s/                              in a browser

        ^C stops the broker.
        """
                .formatted(
                        version,
                        config.node().nodeId(),
                        clusterId,
                        clientAddress,
                        config.network()
                                .advertisedClientAddress()
                                .map(told -> ", told to clients as " + told)
                                .orElse(""),
                        config.node().raftAddress(),
                        config.storage().dataDir().toAbsolutePath(),
                        durability(config.storage().flush()),
                        timeToReady.toMillis(),
                        addrs,
                        addrs,
                        address,
                        address,
                        address);
    }

    /** The warning for a data directory that the system may empty by itself. */
    static Optional<String> temporaryDataDirectory(Path dataDir) {
        Path absolute = dataDir.toAbsolutePath().normalize();
        return List.of("/tmp", "/var/tmp", "/dev/shm", System.getProperty("java.io.tmpdir"))
                .stream()
                .filter(absolute::startsWith)
                .findFirst()
                .map(temporary ->
                        "the data directory %s is under %s, which the system may empty at a restart: use --data-dir to keep the data"
                                .formatted(absolute, temporary));
    }

    private static String durability(FlushMode flush) {
        return switch (flush) {
            case GROUP -> "flush=group: acks=all is acknowledged once it is fsynced";
            case OS ->
                    "flush=os: acknowledged records survive the death of the process, NOT a power"
                            + " failure";
        };
    }

    /** A listener on every interface is reached on this machine by the loopback address. */
    private static HostPort reachable(HostPort listening) {
        return switch (listening.host()) {
            case "0.0.0.0" -> new HostPort("127.0.0.1", listening.port());
            case "::", "0:0:0:0:0:0:0:0" -> new HostPort("::1", listening.port());
            default -> listening;
        };
    }
}
