package io.mlog.systemtests.clients;

import io.mlog.systemtests.harness.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.opentest4j.TestAbortedException;

/** The table of docs/clients.md: a line for each row, between two marks. */
final class ClientsPage {
    private static final Path FILE = Checkout.root().resolve("docs/clients.md");
    private static final String BEGIN = "<!-- rows, written by ClientMatrixTest -->\n";
    private static final String END = "<!-- end of rows -->\n";

    private ClientsPage() {}

    /** The lines of the table as the page has them. */
    static List<String> written() throws IOException {
        String page = Files.readString(FILE);
        return page.substring(page.indexOf(BEGIN) + BEGIN.length(), page.indexOf(END))
                .lines()
                .toList();
    }

    /** Puts these lines into the page. */
    static void write(List<String> lines) throws IOException {
        String page = Files.readString(FILE);
        Files.writeString(
                FILE,
                page.substring(0, page.indexOf(BEGIN) + BEGIN.length())
                        + String.join("\n", lines)
                        + "\n"
                        + page.substring(page.indexOf(END)));
    }

    /**
     * The lines as they should be.
     *
     * @param ofThisMachine whether they name the versions of what this machine happens to have;
     *     else the page's word does for these
     */
    static List<String> lines(List<Row> rows, boolean ofThisMachine) throws Exception {
        Map<Client, Optional<String>> versions = new EnumMap<>(Client.class);
        for (Client client : Client.values()) {
            versions.put(client, version(client, ofThisMachine));
        }
        List<String> lines = new ArrayList<>();
        lines.add("| client | version | what is run | result |");
        lines.add("|---|---|---|---|");
        List<String> written = written();
        for (Row row : rows) {
            String version =
                    versions.getOrDefault(row.client(), Optional.empty())
                            .orElseGet(() -> writtenVersion(written, row));
            lines.add(line(row, version));
        }
        return lines;
    }

    private static String line(Row row, String version) {
        return "| %s | %s | %s | %s |"
                .formatted(row.client().title(), version, row.what(), row.result());
    }

    private static Optional<String> version(Client client, boolean ofThisMachine) throws Exception {
        if (client.source() == Client.Source.MACHINE && !ofThisMachine) {
            return Optional.empty();
        }
        try {
            client.requireOrSkip();
        } catch (TestAbortedException e) {
            return Optional.empty();
        }
        return Optional.of(client.version());
    }

    private static String writtenVersion(List<String> written, Row row) {
        String begin = "| " + row.client().title() + " | ";
        return written.stream()
                .filter(line -> line.startsWith(begin))
                .findFirst()
                .map(line -> line.substring(begin.length(), line.indexOf(" |", begin.length())))
                .orElse("not known");
    }
}
