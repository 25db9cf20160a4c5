package io.mlog.storage;

import io.mlog.model.TopicId;
import io.mlog.model.TopicPartition;
import java.nio.file.Path;

/** A partition that has a directory. */
public record FoundPartition(TopicPartition topicPartition, TopicId topicId, Path directory) {}
