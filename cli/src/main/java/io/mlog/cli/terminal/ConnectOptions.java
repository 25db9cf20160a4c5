package io.mlog.cli.terminal;

import io.mlog.client.ConnectionConfig;
import io.mlog.model.HostPort;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** How a command reaches the cluster. */
public final class ConnectOptions {
    @Option(
            names = "--addrs",
            paramLabel = "HOST:PORT[,…]",
            defaultValue = "127.0.0.1:9094",
            converter = Addresses.class,
            description = "Brokers to begin with (default: ${DEFAULT-VALUE}).")
    private List<List<HostPort>> addrs = new ArrayList<>();

    /** The client's configuration. */
    public ConnectionConfig connection() {
        return ConnectionConfig.builder()
                .addresses(addrs.stream().flatMap(List::stream).toList())
                .build();
    }

    /** Reads addresses separated by commas. */
    static final class Addresses implements ITypeConverter<List<HostPort>> {
        @Override
        public List<HostPort> convert(String text) {
            List<HostPort> addresses = new ArrayList<>();
            for (String one : text.split(",", -1)) {
                try {
                    addresses.add(HostPort.parse(one.strip()));
                } catch (IllegalArgumentException e) {
                    throw new TypeConversionException(String.valueOf(e.getMessage()));
                }
            }
            return addresses;
        }
    }
}
