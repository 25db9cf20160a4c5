package io.mlog.broker.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.WriteBufferWaterMark;

/** Prepares each accepted socket. */
final class Intake extends ChannelInitializer<Channel> {
    private final Household household;

    Intake(Household household) {
        this.household = household;
    }

    @Override
    protected void initChannel(Channel socket) {
        FrameReceiveBuffers receiveBuffers = new FrameReceiveBuffers(household.metrics().bytesIn);
        int maxReplyBytes = household.limits().maxReplyBytes();
        socket.config()
                .setRecvByteBufAllocator(receiveBuffers)
                .setMessageSizeEstimator(ReplySizes.INSTANCE)
                .setWriteBufferWaterMark(
                        new WriteBufferWaterMark(maxReplyBytes / 2, maxReplyBytes));
        Connection connection = new Connection(household, socket);
        socket.pipeline().addLast(connection, new Doorway(connection, receiveBuffers));
    }
}
