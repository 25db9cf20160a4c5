package io.mlog.broker.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.ByteBuffer;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A connection that speaks in frames, JSON or Kafka: takes frames apart, hands requests to the
 * conversation on the event loop that read them, and sends replies, many per system call. Owner:
 * the connection's event loop; only {@link #replyReady} may be called from elsewhere.
 *
 * <p>Reading stops while the conversation takes no more requests or more replies wait than allowed,
 * so a peer cannot make us gather what it does not read. {@link Connection} drops it when it never
 * does.
 */
final class FramedConnection extends ChannelInboundHandlerAdapter implements Connection.Phase {
    /** From here on a first request is slow because it is large, not because it is no request. */
    private static final int LARGE_REQUEST_BYTES = 64 * 1024;

    private final Connection connection;
    private final Channel channel;
    private final FrameAssembler frames;
    private final ReplyWriter replies;
    private final Conversation conversation;
    private final AtomicBoolean sendScheduled = new AtomicBoolean();

    /** While requests are being taken: replies made meanwhile leave together at the end. */
    private boolean batching;

    private boolean taking;
    private boolean closing;
    private boolean closed;

    private FramedConnection(
            Connection connection, FrameReceiveBuffers receiveBuffers, Language language) {
        this.connection = connection;
        this.channel = connection.channel();
        Household household = connection.household();
        this.frames =
                new FrameAssembler(
                        channel.alloc(), household.budget(), household.limits().maxFrameBytes());
        this.replies = new ReplyWriter(channel, household.metrics().bytesOut);
        this.conversation =
                language == Language.KAFKA
                        ? new KafkaConversation(this, household)
                        : new JsonConversation(this, household);
        receiveBuffers.preferFramesOf(frames);
    }

    static FramedConnection speaking(
            Language language, Connection connection, FrameReceiveBuffers receiveBuffers) {
        return new FramedConnection(connection, receiveBuffers, language);
    }

    Channel channel() {
        return channel;
    }

    ReplyWriter replies() {
        return replies;
    }

    /** Whether the listener is closing. */
    boolean isEnding() {
        return connection.isEnding();
    }

    /** Whether nothing more is to be written. */
    boolean isClosing() {
        return closing || closed;
    }

    /**
     * A reply can be written. Any thread: on the event loop and while requests are taken it is
     * written at once and leaves with that read's other replies; else one task gathers what is
     * ready by then.
     */
    void replyReady() {
        if (channel.eventLoop().inEventLoop() && batching && !closed) {
            conversation.writeReady();
        } else {
            scheduleSend();
        }
    }

    /** Runs the task once on the event loop, now when called there. Any thread. */
    void execute(Runnable task) {
        if (channel.eventLoop().inEventLoop()) {
            task.run();
            return;
        }
        try {
            channel.eventLoop().execute(task);
        } catch (RejectedExecutionException stopped) {
            task.run();
        }
    }

    private void scheduleSend() {
        if (sendScheduled.compareAndSet(false, true)) {
            try {
                channel.eventLoop().execute(this::send);
            } catch (RejectedExecutionException stopped) {
                // The loops have stopped and every connection with them: nobody is left to answer.
                conversation.closed();
            }
        }
    }

    /** Closes once everything written so far is sent. */
    void closeAfterReplies() {
        if (!closing) {
            closing = true;
            channel.config().setAutoRead(false);
            replies.flush();
            channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        }
    }

    /** Tells the operator what this client did, once a minute; the connection stays. */
    void report(CloseReason reason, String what) {
        connection.report(reason, what);
    }

    /** Closes at once, in the middle of a reply if need be, because of our own failure. */
    void fail(String what, Throwable cause) {
        connection.fail(what, cause);
    }

    /** Also while we do not read: the client may have asked, and it is for us to go on. */
    @Override
    public boolean isWaiting() {
        boolean heldBack = !channel.config().isAutoRead() && !closing && !connection.isEnding();
        return heldBack || conversation.isWaiting();
    }

    @Override
    public boolean isInsideRequest() {
        return frames.isInsideFrame();
    }

    @Override
    public boolean isWellIntoRequest() {
        return frames.unfinishedBytes() >= LARGE_REQUEST_BYTES;
    }

    @Override
    public void resume() {
        scheduleSend();
    }

    @Override
    public void end(Connection ending) {
        channel.config().setAutoRead(false);
        endWhenAnswered();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        batching = true;
        frames.feed((ByteBuf) message);
        take();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        batching = false;
        replies.flush();
        endWhenAnswered();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (channel.isWritable()) {
            scheduleSend();
        }
    }

    /** Netty hands a handler's own failure to those behind it, and {@link Connection} is before. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        connection.failed(cause);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        drop();
        ctx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        drop();
    }

    private void drop() {
        if (!closed) {
            closed = true;
            conversation.closed();
            frames.close();
            replies.close();
        }
    }

    /** Writes what is ready, then takes what was held up by it. Never within a read. */
    private void send() {
        sendScheduled.set(false);
        if (closed) {
            conversation.closed();
            return;
        }
        batching = true;
        try {
            conversation.writeReady();
            take();
        } catch (RuntimeException e) {
            connection.failed(e);
        } finally {
            batching = false;
        }
        replies.flush();
        endWhenAnswered();
    }

    private void endWhenAnswered() {
        if (!closed && connection.isEnding() && !conversation.isWaiting()) {
            closeAfterReplies();
        }
    }

    /** Takes requests as long as any are there and may be taken. */
    private void take() {
        if (taking || closed) {
            return;
        }
        taking = true;
        try {
            while (mayTake()) {
                ByteBuffer request = frames.next();
                if (request == null) {
                    break;
                }
                connection.asked();
                conversation.request(request);
            }
        } catch (BadFrameException e) {
            report(CloseReason.BAD_FRAME, e.reason());
            closeAfterReplies();
        } finally {
            taking = false;
        }
        if (!closed) {
            channel.config().setAutoRead(mayTake());
        }
    }

    private boolean mayTake() {
        return !closed
                && !closing
                && !connection.isEnding()
                && channel.isWritable()
                && conversation.takesMore();
    }
}
