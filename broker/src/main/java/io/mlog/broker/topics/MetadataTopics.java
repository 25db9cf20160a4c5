package io.mlog.broker.topics;

import io.mlog.broker.partition.HostedPartitions;
import io.mlog.core.metadata.CommandResult;
import io.mlog.core.metadata.ConfigEdit;
import io.mlog.core.metadata.MetadataCommand;
import io.mlog.core.metadata.MetadataImage;
import io.mlog.core.metadata.MetadataLog;
import io.mlog.core.metadata.MetadataMachine;
import io.mlog.core.metadata.PartitionImage;
import io.mlog.core.metadata.TopicImage;
import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import io.mlog.model.TopicId;
import io.mlog.model.TopicName;
import io.mlog.model.TopicPartition;
import io.mlog.services.ConfigChange;
import io.mlog.services.NewTopic;
import io.mlog.services.TopicService;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Administration of topics: turns requests into commands of the metadata log, and answers once the
 * reconciler has acted on them here. A request that is only to be checked is decided on {@code
 * previews} instead, as that may take as long as the change itself. Holds no state; any thread.
 */
public final class MetadataTopics implements TopicService {
    private static final int OTHERS_WAIT_MS = 5000;
    private static final int CATCH_UP_MS = 2000;

    private final MetadataLog log;
    private final Reconciler reconciler;
    private final HostedPartitions hosted;
    private final int brokerId;
    private final Defaults defaults;
    private final Supplier<TopicId> newTopicIds;
    private final Executor previews;
    private final Others others;

    /** The brokers beside this one. */
    @FunctionalInterface
    public interface Others {
        /** Nobody. */
        Others NONE = (index, timeoutMs) -> CompletableFuture.completedFuture(true);

        /**
         * Completes once every other broker in service has acted on the command at {@code index},
         * or the time is over; never fails.
         */
        CompletableFuture<?> actedOn(long index, int timeoutMs);
    }

    /**
     * What a request for an unknown topic leads to.
     *
     * @param autoCreate whether it creates the topic
     * @param partitions of a topic created without a number
     */
    public record Defaults(boolean autoCreate, int partitions) {}

    /**
     * Administers through {@code log}.
     *
     * @param newTopicIds gives random ids
     * @param previews decides what is only to be checked; bounded, rejecting when full
     * @param others who must have a new partition, too, before it is announced
     */
    public MetadataTopics(
            MetadataLog log,
            Reconciler reconciler,
            HostedPartitions hosted,
            int brokerId,
            Defaults defaults,
            Supplier<TopicId> newTopicIds,
            Executor previews,
            Others others) {
        this.log = log;
        this.reconciler = reconciler;
        this.hosted = hosted;
        this.brokerId = brokerId;
        this.defaults = defaults;
        this.newTopicIds = newTopicIds;
        this.previews = previews;
        this.others = others;
    }

    @Override
    public MetadataImage metadata() {
        return log.image();
    }

    @Override
    public CompletableFuture<Long> actedOn(long index, long timeoutMs) {
        return reconciler
                .actedOn(index)
                .orTimeout(timeoutMs, TimeUnit.MILLISECONDS)
                .handle((image, failure) -> {
                    if (image == null) {
                        throw new MlogException(
                                ErrorCode.REQUEST_TIMED_OUT,
                                "this broker has not acted on change %d of the metadata within %d ms; it has applied %d"
                                        .formatted(index, timeoutMs, log.appliedIndex()));
                    }
                    return image.appliedIndex();
                });
    }

    @Override
    public CompletableFuture<MetadataImage> caughtUp() {
        return log.barrier()
                .thenCompose(reconciler::actedOn)
                .orTimeout(CATCH_UP_MS, TimeUnit.MILLISECONDS)
                .exceptionally(failure -> log.image());
    }

    @Override
    public CompletableFuture<TopicImage> create(NewTopic topic, boolean validateOnly) {
        boolean counted =
                topic.partitions() != MetadataCommand.DEFAULT || !topic.assignments().isEmpty();
        return run(
                new MetadataCommand.CreateTopic(
                        topic.name(),
                        newTopicIds.get(),
                        counted ? topic.partitions() : defaults.partitions(),
                        topic.replicas(),
                        topic.assignments(),
                        topic.configs()),
                validateOnly);
    }

    @Override
    public CompletableFuture<TopicImage> ensureExists(String topic) {
        Optional<TopicImage> known = log.image().topic(topic);
        if (known.isPresent()) {
            return CompletableFuture.completedFuture(known.get());
        }
        if (!defaults.autoCreate()) {
            return CompletableFuture.failedFuture(
                    new MlogException(
                            ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
                            "there is no topic '"
                                    + topic
                                    + "' and --auto-create-topics is off: create it first"));
        }
        try {
            TopicName.check(topic);
        } catch (MlogException refusal) {
            return CompletableFuture.failedFuture(refusal);
        }
        return create(NewTopic.withDefaults(topic), false)
                .exceptionallyCompose(failure -> existingAfterAll(topic, failure));
    }

    /** Another request may have created the topic in the meantime. */
    private CompletableFuture<TopicImage> existingAfterAll(String topic, Throwable failure) {
        Throwable cause = cause(failure);
        if (cause instanceof MlogException refusal
                && refusal.code() == ErrorCode.TOPIC_ALREADY_EXISTS) {
            return reconciler
                    .actedOn(log.appliedIndex())
                    .thenApply(image -> image.topic(topic).orElseThrow(() -> refusal));
        }
        return CompletableFuture.failedFuture(cause);
    }

    @Override
    public CompletableFuture<Void> delete(String topic) {
        return run(new MetadataCommand.DeleteTopic(topic, TopicId.ZERO), false)
                .thenApply(deleted -> null);
    }

    @Override
    public CompletableFuture<TopicImage> createPartitions(
            String topic, int total, boolean validateOnly) {
        return run(new MetadataCommand.CreatePartitions(topic, total, List.of()), validateOnly);
    }

    @Override
    public CompletableFuture<TopicImage> alterConfigs(
            String topic, List<ConfigChange> changes, boolean validateOnly) {
        try {
            return run(
                    new MetadataCommand.SetTopicConfigs(
                            topic, changes.stream().map(MetadataTopics::edit).toList()),
                    validateOnly);
        } catch (MlogException refusal) {
            return CompletableFuture.failedFuture(refusal);
        }
    }

    private static ConfigEdit edit(ConfigChange change) {
        String value = change.value();
        if (change.operation() == ConfigChange.Operation.DELETE) {
            return new ConfigEdit.Reset(change.name());
        }
        if (value == null) {
            throw new MlogException(
                    ErrorCode.INVALID_CONFIG,
                    "config " + change.name() + " needs a value for " + change.operation());
        }
        return switch (change.operation()) {
            case APPEND -> new ConfigEdit.Append(change.name(), value);
            case SUBTRACT -> new ConfigEdit.Subtract(change.name(), value);
            case SET, DELETE -> new ConfigEdit.Put(change.name(), value);
        };
    }

    @Override
    public CompletableFuture<TopicImage> replaceConfigs(
            String topic, Map<String, String> configs, boolean validateOnly) {
        return run(new MetadataCommand.ReplaceTopicConfigs(topic, configs), validateOnly);
    }

    private CompletableFuture<TopicImage> run(MetadataCommand command, boolean validateOnly) {
        if (validateOnly) {
            return preview(command).thenApply(result -> topicOf(done(result)));
        }
        return log.submit(command)
                .thenApply(MetadataTopics::done)
                .thenCompose(done ->
                        reconciler
                                .actedOn(done.index())
                                .thenApply(image -> hostedHere(topicOf(done), image))
                                .exceptionally(failure -> decidedAnyhow(done, failure))
                                .thenCompose(topic -> knownElsewhere(command, done, topic)));
    }

    /** A broker that stops before it has acted on a change tells all the same that it was made. */
    private static TopicImage decidedAnyhow(CommandResult.Done done, Throwable failure) {
        if (cause(failure) instanceof MlogException refusal
                && refusal.code() == ErrorCode.NOT_READY) {
            return topicOf(done);
        }
        throw new CompletionException(cause(failure));
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException e && e.getCause() != null
                ? e.getCause()
                : failure;
    }

    /** New partitions are announced when every live broker has them. */
    private CompletableFuture<TopicImage> knownElsewhere(
            MetadataCommand command, CommandResult.Done done, TopicImage topic) {
        boolean creates =
                command instanceof MetadataCommand.CreateTopic
                        || command instanceof MetadataCommand.CreatePartitions;
        return creates
                ? others.actedOn(done.index(), OTHERS_WAIT_MS).thenApply(all -> topic)
                : CompletableFuture.completedFuture(topic);
    }

    private CompletableFuture<CommandResult> preview(MetadataCommand command) {
        try {
            return CompletableFuture.supplyAsync(
                    () -> MetadataMachine.preview(log.image(), command), previews);
        } catch (RejectedExecutionException full) {
            return CompletableFuture.failedFuture(
                    new MlogException(
                            ErrorCode.REQUEST_TIMED_OUT,
                            "too many requests wait to be checked already; retry later"));
        }
    }

    private static CommandResult.Done done(CommandResult result) {
        return switch (result) {
            case CommandResult.Done done -> done;
            case CommandResult.Refused refused -> throw refused.toException();
        };
    }

    private static TopicImage topicOf(CommandResult.Done done) {
        if (done.outcome() instanceof CommandResult.Outcome.Topic(TopicImage topic)) {
            return topic;
        }
        throw new IllegalStateException("a command about a topic gave " + done.outcome());
    }

    /**
     * A topic that stands in the metadata but could not be opened on this disk is not announced as
     * well.
     */
    private TopicImage hostedHere(TopicImage topic, MetadataImage image) {
        if (image.topic(topic.id()).isEmpty()) {
            return topic; // deleted, by this command or since
        }
        for (PartitionImage partition : topic.partitions()) {
            TopicPartition name = new TopicPartition(topic.name(), partition.partition());
            if (partition.replicas().contains(brokerId) && hosted.find(name) == null) {
                throw new MlogException(
                        ErrorCode.STORAGE_ERROR,
                        "the log of " + name + " cannot be opened; the broker's log says why");
            }
        }
        return topic;
    }
}
