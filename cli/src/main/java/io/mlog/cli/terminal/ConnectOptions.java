package io.mlog.cli.terminal;

import io.mlog.client.ConnectionConfig;
import io.mlog.model.HostPort;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
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

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command = CommandSpec.create();

    /** The client's configuration; what fails for a while and is tried on is told on stderr. */
    public ConnectionConfig connection() {
        PrintWriter err = command.commandLine().getErr();
        return ConnectionConfig.builder()
                .addresses(addrs)
                .notices(sentence -> {
                    err.println("mlog: " + sentence);
                    err.flush();
                })
                .build();
    }

    /** The same for a client that tells more by itself. */
    public ConnectionConfig quietConnection() {
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
