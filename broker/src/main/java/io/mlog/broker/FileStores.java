package io.mlog.broker;

import io.mlog.storage.FileStore;
import io.mlog.storage.RealFileStore;

/** Which file system a broker's process works on. */
final class FileStores {
    private FileStores() {}

    /** The real one. */
    static FileStore ofProcess() {
        return new RealFileStore();
    }
}
