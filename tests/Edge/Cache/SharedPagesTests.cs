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

    /// <summary>Why there is such a thing: the socket sends the pages themselves, and the client reads them late.</summary>
    [Fact]
    public async Task Renew_WhatASocketStillSends_DoesNotChangeWhatTheClientGets()
    {
        var pages = new SharedPages(Size);
        new Random(1).NextBytes(pages.GetSpan());
        var before = pages.GetSpan().ToArray();
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(listener.LocalEndPoint!);
        using var server = await listener.AcceptAsync();
        LinuxSocket.NeverBlock((int)server.Handle);

        var sent = LinuxSocket.SendFile((int)server.Handle, pages.Descriptor, 0, Size);
        Assert.InRange(sent, 1, Size);
        pages.Renew(0, Size);
        pages.GetSpan().Fill(7);

        var received = new byte[sent];
        for (var count = 0; count < sent;) count += await client.ReceiveAsync(received.AsMemory(count));
        Assert.Equal(before[..sent], received);
    }
}
