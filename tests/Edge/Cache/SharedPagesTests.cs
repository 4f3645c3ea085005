using System.Net;
using System.Net.Sockets;
using Movento.Edge.Cache;
using Movento.Edge.Connections;

namespace Movento.Edge.Tests.Cache;

public class SharedPagesTests
{
    private const int Size = 256 << 10;

    [Fact]
    public void Renew_APart_IsZerosThere_AndAsItWasElsewhere()
    {
        var pages = new SharedPages(2 * Size);
        pages.GetSpan().Fill(1);
        pages.Renew(Size, Size);
        Assert.False(pages.GetSpan()[..Size].ContainsAnyExcept((byte)1));
        Assert.False(pages.GetSpan()[Size..].ContainsAnyExcept((byte)0));
    }

    [Fact]
    public void Write_IsReadAsMemory_AndNotBeyondTheEnd()
    {
        var pages = new SharedPages(2 * Size);
        byte[] bytes = [1, 2, 3];
        pages.Write(Size - 1, bytes);
        Assert.Equal(bytes, pages.GetSpan().Slice(Size - 1, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => pages.Write(2 * Size - 2, bytes));
        Assert.Equal(0, pages.GetSpan()[^1]);
    }

    /// <summary>Why there is such a thing: the socket sends the pages themselves, and the client reads them late.</summary>
    [Fact]
    public async Task Renew_WhatASocketStillSends_DoesNotChangeWhatTheClientGets()
    {
        // As large as a huge page: if all of it were one, to renew a part would write zeros over that.
        var pages = new SharedPages(8 * Size);
        var before = new byte[Size];
        for (var part = 0; part < 8; part++)
        {
            new Random(part).NextBytes(before);
            pages.Write(part * Size, before);
        }

        const int Last = 7 * Size;
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(listener.LocalEndPoint!);
        using var server = await listener.AcceptAsync();
        LinuxSocket.NeverBlock((int)server.Handle);

        var sent = LinuxSocket.SendFile((int)server.Handle, pages.Descriptor, Last, Size);
        Assert.InRange(sent, 1, Size);
        pages.Renew(Last, Size);
        pages.Write(Last, [.. Enumerable.Repeat((byte)7, Size)]);

        var received = new byte[sent];
        for (var count = 0; count < sent;) count += await client.ReceiveAsync(received.AsMemory(count));
        Assert.Equal(before[..sent], received);
    }
}
