package io.mlog.storage;

/**
 * Whose data directory it is.
 *
 * @param clusterId the cluster it belongs to
 * @param nodeId the operator's name for the node
 * @param directoryId random name of this directory: a wiped disk gets another one
 */
public record DirectoryIdentity(String clusterId, String nodeId, String directoryId) {}
