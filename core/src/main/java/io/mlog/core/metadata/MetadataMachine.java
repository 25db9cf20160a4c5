package io.mlog.core.metadata;

import io.mlog.core.metadata.CommandResult.Done;
import io.mlog.core.metadata.Decision.Accepted;
import io.mlog.core.metadata.Decision.Rejected;
import io.mlog.core.metadata.MetadataCommand.CompareImage;
import java.util.List;
import java.util.Optional;

/**
 * Applies committed commands: decides each against the current image, replays what was decided and
 * holds the next image. Deterministic: the same commands at the same indexes give the same image on
 * every node. Owned by the apply thread; the images it hands out are anyone's.
 *
 * <p>It does not know the log it is fed from, nor time or randomness: those travel in commands.
 */
public final class MetadataMachine {
    /**
     * The generation of decision code that a cluster founded by this build runs. This build knows
     * the ones before it too: 2 places replicas on brokers that are away (see {@code
     * docs/decisions/0033}).
     */
    public static final int LEVEL = 2;

    /**
     * The level, if this build has its decision code.
     *
     * @throws MetadataFormatException otherwise
     */
    static int knownLevel(int level) {
        if (level < 0 || level > LEVEL) {
            throw new MetadataFormatException(
                    "the metadata is of level %d and this build knows levels up to %d: start the build that founded the cluster or a newer one"
                            .formatted(level, LEVEL));
        }
        return level;
    }

    private MetadataImage image;
    private final ImageCheckpoints checkpoints = new ImageCheckpoints();

    /** Continues from {@code image}: {@link MetadataImage#EMPTY} or a snapshot. */
    public MetadataMachine(MetadataImage image) {
        this.image = image;
    }

    /** The metadata after the last command. */
    public MetadataImage image() {
        return image;
    }

    /**
     * Applies the command committed at {@code index}.
     *
     * @throws IllegalStateException when {@code index} does not rise, or this node's image is not
     *     the leader's: the node must stop
     */
    public CommandResult apply(long index, MetadataCommand command) {
        if (index <= image.appliedIndex()) {
            throw new IllegalStateException(
                    "command index " + index + " follows " + image.appliedIndex());
        }
        if (command instanceof CompareImage compare) {
            checkpoints.compare(compare);
        }
        Step step = step(image, index, command);
        image = step.image();
        checkpoints.passed(image);
        return step.result();
    }

    /** What {@code command} would come to against {@code image}; changes nothing. Any thread. */
    public static CommandResult preview(MetadataImage image, MetadataCommand command) {
        return step(image, image.appliedIndex() + 1, command).result();
    }

    /**
     * The hash that the leader owes the others: set after every {@link ImageCheckpoints#INTERVAL}
     * commands until asked for. Apply thread.
     */
    public Optional<CompareImage> takeDueComparison() {
        return checkpoints.takeDue();
    }

    /**
     * What {@code command}, committed at {@code index}, comes to against {@code image}; changes
     * nothing. Any thread.
     */
    public static Step step(MetadataImage image, long index, MetadataCommand command) {
        return switch (Deciders.decide(image, command)) {
            case Accepted(var records, var outcome) -> {
                MetadataImage next = ImageReplay.replay(image, records).stepped(index);
                yield new Step(next, records, new Done(index, outcome.apply(next)));
            }
            case Rejected(var refusal) -> new Step(image.stepped(index), List.of(), refusal);
        };
    }

    /**
     * One application of a command.
     *
     * @param image afterwards
     * @param records that were replayed
     */
    public record Step(MetadataImage image, List<MetadataRecord> records, CommandResult result) {
        public Step {
            records = List.copyOf(records);
        }
    }
}
