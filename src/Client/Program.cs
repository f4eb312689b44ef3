using MaskRcnn.Client.CommandLine;

return MaskRcnnCommand.Run(args, Console.Out, Console.Error);
