package io.mlog.cli.terminal;

/** How a command writes its result. */
public enum Output {
    /** For people. */
    PLAIN,
    /** For scripts: a JSON object on each line. */
    JSON
}
