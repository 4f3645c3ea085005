namespace Movento.Edge.Connections;

/// <summary>What an <see cref="EventLoop"/> runs on its thread.</summary>
internal interface IEventTarget
{
    /// <summary>On the loop's thread; must not block and never throws.</summary>
    void Run();
}
