package io.mlog.systemtests.clients;

/** What a row runs; it ends without an exception when the client did what the row says. */
interface Check {
    void run(Stage stage) throws Exception;
}
