using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Movento.Benchmarks.Tests;

/// <summary>A benchmark's method, bound to its instance and arguments so that calling it allocates nothing of its own.</summary>
internal abstract class Operation
{
    /// <summary>Runs it once, to the end of its task if it returns one.</summary>
    public abstract void Run();

    /// <summary>What has been allocated so far wherever the method runs.</summary>
    public abstract long AllocatedBytes();

    /// <exception cref="NotSupportedException">The method returns something that must be awaited, but no task.</exception>
    public static Operation Of(object instance, MethodInfo method, object?[] arguments)
    {
        var call = Expression.Call(
            Expression.Constant(instance),
            method,
            method.GetParameters().Zip(arguments, (parameter, value) => Expression.Constant(value, parameter.ParameterType)));
        if (IsOf(typeof(IAsyncEnumerable<>)))
            throw new NotSupportedException($"{method.Name} returns a stream of results.");
        if (method.ReturnType == typeof(ValueTask))
            return new ValueTaskOperation(Compile<ValueTask>(call));
        if (IsOf(typeof(ValueTask<>)))
        {
            return (Operation)Activator.CreateInstance(
                typeof(ValueTaskOperation<>).MakeGenericType(method.ReturnType.GetGenericArguments()),
                Expression.Lambda(call).Compile())!;
        }

        return typeof(Task).IsAssignableFrom(method.ReturnType)
            ? new TaskOperation(Compile<Task>(Expression.Convert(call, typeof(Task))))
            : new PlainOperation(Expression.Lambda<Action>(call).Compile());

        bool IsOf(Type definition) => method.ReturnType.IsGenericType && method.ReturnType.GetGenericTypeDefinition() == definition;
    }

    private static Func<T> Compile<T>(Expression call) => Expression.Lambda<Func<T>>(call).Compile();

    private sealed class PlainOperation(Action call) : Operation
    {
        public override void Run() => call();

        public override long AllocatedBytes() => GC.GetAllocatedBytesForCurrentThread();
    }

    // A task may go on anywhere, so all threads count; tests run one after the other.
    private abstract class AwaitedOperation : Operation
    {
        private readonly ManualResetEventSlim _completed = new();
        private readonly Action _complete;

        protected AwaitedOperation() => _complete = _completed.Set;

        public override long AllocatedBytes() => GC.GetTotalAllocatedBytes(precise: true);

        protected void Wait<TAwaiter>(TAwaiter awaiter)
            where TAwaiter : ICriticalNotifyCompletion
        {
            _completed.Reset();
            awaiter.UnsafeOnCompleted(_complete);
            _completed.Wait();
        }
    }

    private sealed class TaskOperation(Func<Task> call) : AwaitedOperation
    {
        public override void Run()
        {
            var awaiter = call().GetAwaiter();
            if (!awaiter.IsCompleted)
                Wait(awaiter);
            awaiter.GetResult();
        }
    }

#pragma warning disable CA2012 // The value task is awaited at once, by its awaiter: an 'await' here would allocate.
    private sealed class ValueTaskOperation(Func<ValueTask> call) : AwaitedOperation
    {
        public override void Run()
        {
            var awaiter = call().GetAwaiter();
            if (!awaiter.IsCompleted)
                Wait(awaiter);
            awaiter.GetResult();
        }
    }

    private sealed class ValueTaskOperation<T>(Func<ValueTask<T>> call) : AwaitedOperation
    {
        public override void Run()
        {
            var awaiter = call().GetAwaiter();
            if (!awaiter.IsCompleted)
                Wait(awaiter);
            awaiter.GetResult();
        }
    }
#pragma warning restore CA2012
}
