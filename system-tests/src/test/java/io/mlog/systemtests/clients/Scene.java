package io.mlog.systemtests.clients;

import io.mlog.systemtests.harness.KafkaClients;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.apache.kafka.clients.admin.Admin;

/**
 * The brokers that all rows of a run share, and what is too costly to have for each row: an admin
 * client and the process of Kafka's tools. Any thread.
 */
final class Scene implements AutoCloseable {
    private final String addresses;
    private final int brokers;
    private final Path folder;
    private final Admin admin;
    private final ToolProcess tools;
    private final ReentrantReadWriteLock wholeness = new ReentrantReadWriteLock(true);

    /** Running brokers at these addresses; rows keep their files in the folder. */
    Scene(String addresses, int brokers, Path folder) throws IOException {
        this.addresses = addresses;
        this.brokers = brokers;
        this.folder = folder;
        this.admin = KafkaClients.admin(addresses);
        this.tools = new ToolProcess(Files.createDirectories(folder.resolve("tools")));
    }

    /** Where a row may play that has this name. */
    Stage stage(String name) throws IOException {
        return new Stage(this, name, Files.createDirectories(folder.resolve(name)));
    }

    /** Something that a row does, or somebody does to the brokers. */
    interface Action {
        void run() throws Exception;
    }

    /** Does something for which every broker must be there. */
    void whole(Action action) throws Exception {
        locked(wholeness.readLock(), action);
    }

    /** Does something for which a broker goes and comes back. */
    void without(Action action) throws Exception {
        locked(wholeness.writeLock(), action);
    }

    private static void locked(Lock lock, Action action) throws Exception {
        lock.lockInterruptibly();
        try {
            action.run();
        } finally {
            lock.unlock();
        }
    }

    String addresses() {
        return addresses;
    }

    int brokers() {
        return brokers;
    }

    Admin admin() {
        return admin;
    }

    ToolProcess tools() {
        return tools;
    }

    @Override
    public void close() {
        tools.close();
        admin.close();
    }
}
