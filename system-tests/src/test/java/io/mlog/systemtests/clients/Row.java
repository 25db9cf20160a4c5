package io.mlog.systemtests.clients;

import java.util.Locale;

/**
 * One line of the matrix.
 *
 * @param what what is run, as the page says it; with the client it names the row
 * @param result what comes of it, as the page says it; the check asserts it
 */
record Row(Client client, String what, String result, Check check) {
    private static final int MOST_CHARACTERS_OF_A_NAME = 80;

    /** A row of something that works. */
    static Row works(Client client, String what, Check check) {
        return new Row(client, what, "works", check);
    }

    /** The same, for which no broker may be away, such as a new assignment of replicas to all. */
    Row onWholeCluster() {
        return new Row(client, what, result, stage -> stage.scene().whole(() -> check.run(stage)));
    }

    /** A name for the row's topic, group and folder. */
    String name() {
        String name = (client.title() + " " + what).toLowerCase(Locale.ROOT);
        name = name.replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
        return name.substring(0, Math.min(name.length(), MOST_CHARACTERS_OF_A_NAME));
    }

    @Override
    public String toString() {
        return client.title() + ": " + what;
    }
}
