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
            split = ",",
            converter = Address.class,
            description = "Brokers to begin with (default: ${DEFAULT-VALUE}).")
    private List<HostPort> addrs = new ArrayList<>();

    /** The client's configuration. */
    public ConnectionConfig connection() {
        return ConnectionConfig.builder().addresses(addrs).build();
    }

    /** Reads one address. */
    static final class Address implements ITypeConverter<HostPort> {
        @Override
        public HostPort convert(String text) {
            try {
                return HostPort.parse(text.strip());
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(String.valueOf(e.getMessage()));
            }
        }
    }
}
